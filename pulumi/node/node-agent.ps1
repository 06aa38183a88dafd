<#
.SYNOPSIS
    The node agent: health without the engine's key, leases of solves, cancelling, recycling.
.DESCRIPTION
    Runs beside rhino.compute as the service kuduso-node-agent. The AppServer is its one caller, with the
    agents' key in the header NodeAgentKey; the load balancer asks for /health/live without any.
    One thread: each request is short, and what takes long is begun and looked at again every second.
    The protocol is described in docs/node-agent.md.
#>
[CmdletBinding()]
param()
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$engineService = 'rhino-compute'
$childName = 'compute.geometry'
$key = $env:KUDUSO_NODE_AGENT_KEY
$engineKey = $env:RHINO_COMPUTE_KEY
$enginePort = [int]$env:KUDUSO_NODE_ENGINE_PORT
$solvePort = [int]$env:KUDUSO_NODE_SOLVE_PORT
$agentPort = [int]$env:KUDUSO_NODE_AGENT_PORT
$seats = [int]$env:KUDUSO_NODE_SEATS
if (-not $key -or -not $engineKey -or -not $enginePort -or -not $solvePort -or -not $agentPort -or -not $seats) {
    throw 'the environment of the service is not complete: start-node.ps1 writes it'
}

# How long a restart may last before the node counts as broken and Azure replaces it.
$restartSeconds = 600
$healthSeconds = 5

$leases = @{}
$script:state = 'serving'
$script:isRetired = $false
$script:restartedAt = [datetime]::MinValue
$script:askedAt = [datetime]::MinValue
$script:isHealthy = $false

function Test-Engine {
    <# Whether rhino.compute answers; asked at most every few seconds. #>
    $now = [datetime]::UtcNow
    if (($now - $script:askedAt).TotalSeconds -ge $healthSeconds) {
        $script:askedAt = $now
        try {
            $answer = Invoke-WebRequest -UseBasicParsing -TimeoutSec 2 -Headers @{ RhinoComputeKey = $engineKey } `
                -Uri "http://127.0.0.1:$enginePort/healthcheck"
            $script:isHealthy = $answer.StatusCode -eq 200
        } catch {
            $script:isHealthy = $false
        }
    }
    return $script:isHealthy
}

function Get-Child {
    Get-Process -Name $childName -ErrorAction SilentlyContinue
}

function Stop-Child {
    <# Ends every child and waits for it; false if one lives on. #>
    $children = @(Get-Child)
    foreach ($child in $children) { Stop-Process -Id $child.Id -Force -ErrorAction SilentlyContinue }
    foreach ($child in $children) {
        if (-not $child.WaitForExit(3000)) { return $false }
    }
    return $true
}

function Step-Agent {
    <# What time does: leases end, a drained engine is started anew, a restart is over. #>
    $now = [datetime]::UtcNow
    foreach ($lease in @($leases.Keys | Where-Object { $leases[$_] -lt $now })) { $leases.Remove($lease) }
    if ($script:state -eq 'draining' -and $leases.Count -eq 0 -and -not $script:isRetired) {
        $script:state = 'restarting'
        $script:restartedAt = $now
        # Not waited for: stopping may take as long as WinSW lets it.
        Start-Process -WindowStyle Hidden powershell.exe -ArgumentList '-NoProfile', '-NonInteractive', '-Command',
            "Stop-Service $engineService -Force; Stop-Process -Name $childName -Force -ErrorAction SilentlyContinue; Start-Service $engineService"
    } elseif ($script:state -eq 'restarting') {
        $started = Get-EngineStart
        if ($started -and $started -gt $script:restartedAt -and (Test-Engine)) { $script:state = 'serving' }
    }
}

function Get-EngineStart {
    $engine = Get-Process -Name 'rhino.compute' -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($engine) { return $engine.StartTime.ToUniversalTime() }
    return $null
}

function Get-Health {
    $since = ([datetime]::UtcNow - $script:restartedAt).TotalSeconds
    if ($script:state -eq 'restarting' -and $since -lt $restartSeconds) { return 200, @{ state = $script:state } }
    if (Test-Engine) { return 200, @{ state = $script:state } }
    return 503, @{ detail = 'rhino.compute does not answer' }
}

function Get-Status {
    $children = @(Get-Child)
    $started = Get-EngineStart
    [long]$memory = 0
    foreach ($child in $children) { $memory += $child.WorkingSet64 }
    return 200, @{
        state = $script:state
        leases = $leases.Count
        started_at = if ($started) { ([datetimeoffset]$started).ToUnixTimeMilliseconds() / 1000.0 } else { 0.0 }
        memory_bytes = $memory
        children = @($children | ForEach-Object { @{ pid = $_.Id; memory_bytes = $_.WorkingSet64 } })
    }
}

function New-Lease($Body) {
    if ($Body.port -ne $solvePort) { return 404, @{ detail = "no engine on port $($Body.port)" } }
    if ($script:state -ne 'serving') { return 409, @{ detail = "the engine is $script:state" } }
    if (-not $leases.ContainsKey($Body.lease) -and $leases.Count -ge $seats) {
        return 409, @{ detail = 'every child is leased' }
    }
    $leases[[string]$Body.lease] = [datetime]::UtcNow.AddSeconds([double]$Body.lives_s)
    return 201, @{ leases = $leases.Count }
}

function Stop-Lease([string]$Lease) {
    <# rhino.compute does not say which child has which request: only a lone solve can be told. #>
    if (-not $leases.ContainsKey($Lease)) { return 404, @{ detail = 'unknown lease' } }
    if ($leases.Count -gt 1) { return 409, @{ detail = 'other solves run: which child it is cannot be told' } }
    if (-not (Stop-Child)) { return 500, @{ detail = 'a child lives on' } }
    $leases.Remove($Lease)
    return 200, @{ leases = 0 }
}

function Invoke-Request($Request) {
    $path = "$($Request.HttpMethod) $($Request.Url.AbsolutePath)"
    if ($path -ceq 'GET /health/live') { return Get-Health }
    if ($Request.Headers['NodeAgentKey'] -cne $key) { return 401, @{ detail = 'NodeAgentKey is missing or wrong' } }
    $body = $null
    if ($Request.HasEntityBody) {
        if ($Request.ContentLength64 -gt 65536) { return 413, @{ detail = 'at most 64 KB' } }
        $reader = New-Object IO.StreamReader $Request.InputStream, ([Text.Encoding]::UTF8)
        $body = $reader.ReadToEnd() | ConvertFrom-Json
    }
    if ($path -ceq 'POST /leases') { return New-Lease $body }
    if ($path -cmatch '^DELETE /leases/([\w-]+)$') {
        if (-not $leases.ContainsKey($Matches[1])) { return 404, @{ detail = 'unknown lease' } }
        $leases.Remove($Matches[1])
        return 204, $null
    }
    if ($path -cmatch '^POST /leases/([\w-]+)/cancel$') { return Stop-Lease $Matches[1] }
    if ($path -ceq "GET /computes/$solvePort") { return Get-Status }
    if ($path -ceq "POST /computes/$solvePort/recycle") {
        if ($script:state -eq 'serving') { $script:state = 'draining' }
        return 202, @{ state = $script:state }
    }
    if ($path -ceq "POST /computes/$solvePort/retire") {
        # The machine is going to end: what runs may finish, nothing is started anew.
        $script:isRetired = $true
        $script:state = 'draining'
        return 202, @{ state = $script:state }
    }
    return 404, @{ detail = 'unknown path' }
}

function Send-Answer($Context) {
    try {
        $status, $document = Invoke-Request $Context.Request
    } catch {
        $status, $document = 400, @{ detail = $_.Exception.Message }
    }
    $response = $Context.Response
    $response.StatusCode = $status
    if ($null -ne $document) {
        $bytes = [Text.Encoding]::UTF8.GetBytes(($document | ConvertTo-Json -Compress -Depth 4))
        $response.ContentType = 'application/json'
        $response.ContentLength64 = $bytes.Length
        $response.OutputStream.Write($bytes, 0, $bytes.Length)
    }
    $response.Close()
}

$listener = New-Object Net.HttpListener
$listener.Prefixes.Add("http://+:$agentPort/")
$listener.Start()
$coming = $listener.GetContextAsync()
while ($listener.IsListening) {
    if ($coming.Wait(1000)) {
        $context = $coming.Result
        $coming = $listener.GetContextAsync()
        try {
            Send-Answer $context
        } catch [Net.HttpListenerException] {
            Write-Output "a caller went away: $($_.Exception.Message)"
        }
    }
    Step-Agent
}
