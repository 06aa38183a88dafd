<#
.SYNOPSIS
    Keeps the node from being scaled in while it solves, and lets it go at once when it does not.
.DESCRIPTION
    Runs as the service kuduso-node-guard. Azure's autoscale takes the oldest node, whatever it does: a node
    with leases protects itself, and an idle one takes that back. Once Azure has announced the node's end, it
    takes no more leases and agrees as soon as the last one is gone; Azure waits 15 minutes at most.
#>
[CmdletBinding()]
param()
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$metadata = 'http://169.254.169.254/metadata'
$management = 'https://management.azure.com'
$clientId = $env:KUDUSO_NODE_CLIENT_ID
$agent = "http://127.0.0.1:$($env:KUDUSO_NODE_AGENT_PORT)/computes/$($env:KUDUSO_NODE_SOLVE_PORT)"
$agentHeaders = @{ NodeAgentKey = $env:KUDUSO_NODE_AGENT_KEY }
$lookSeconds = 15
$idleSeconds = 60

function Get-Metadata([string]$Path) {
    return Invoke-RestMethod -TimeoutSec 10 -Headers @{ Metadata = 'true' } -Uri "$metadata/$Path"
}

function Set-Protection([bool]$IsProtected) {
    $resource = [uri]::EscapeDataString("$management/")
    $token = Get-Metadata "identity/oauth2/token?api-version=2018-02-01&resource=$resource&client_id=$clientId"
    $policy = @{ properties = @{ protectionPolicy = @{ protectFromScaleIn = $IsProtected } } }
    Invoke-RestMethod -Method Put -TimeoutSec 30 -ContentType 'application/json' `
        -Uri "$management$($me.resourceId)?api-version=2024-07-01" `
        -Headers @{ Authorization = "Bearer $($token.access_token)" } `
        -Body ($policy | ConvertTo-Json -Depth 4) | Out-Null
}

function Get-End {
    <# The announced end of this machine, if there is one. #>
    $announced = Get-Metadata 'scheduledevents?api-version=2020-07-01'
    return $announced.Events | Where-Object {
        $_.EventType -eq 'Terminate' -and $_.EventStatus -eq 'Scheduled' -and $_.Resources -contains $me.name
    } | Select-Object -First 1
}

$me = Get-Metadata 'instance/compute?api-version=2021-02-01'
# Unknown at first, so that what an earlier run of this service left is corrected.
$isProtected = $null
$busyAt = [datetime]::MinValue
while ($true) {
    try {
        $leases = (Invoke-RestMethod -TimeoutSec 10 -Headers $agentHeaders -Uri $agent).leases
        if ($leases -gt 0) { $busyAt = [datetime]::UtcNow }
        $isBusy = ([datetime]::UtcNow - $busyAt).TotalSeconds -lt $idleSeconds
        $end = Get-End
        if ($end) {
            Invoke-RestMethod -Method Post -TimeoutSec 10 -Headers $agentHeaders -Uri "$agent/retire" | Out-Null
            if ($leases -eq 0) {
                $agreed = @{ StartRequests = @(@{ EventId = $end.EventId }) } | ConvertTo-Json -Depth 3
                Invoke-RestMethod -Method Post -TimeoutSec 10 -Headers @{ Metadata = 'true' } `
                    -Uri "$metadata/scheduledevents?api-version=2020-07-01" -Body $agreed | Out-Null
            }
        } elseif ($isBusy -ne $isProtected) {
            Set-Protection $isBusy
            $isProtected = $isBusy
        }
    } catch {
        # The agent may be starting, or Azure busy: looked at again in a moment.
        Write-Output "$([datetime]::UtcNow.ToString('o')) $($_.Exception.Message)"
    }
    Start-Sleep -Seconds $lookSeconds
}
