<#
.SYNOPSIS
    Start Rhino.Compute, the node agent and the guard on a node made from the gallery image.
.DESCRIPTION
    Run by the scale set's extension at first start, and again when this file changes. The image holds Rhino,
    its plugins and the services, switched off; only secrets, sizes and the start are left to do.
    Secrets are read from the Key Vault by the node's identity. They go into the environment of the
    services alone: Windows gives services the machine's variables as they were at boot, not as they are.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)][uri]$VaultUri,
    [Parameter(Mandatory)][guid]$ClientId,
    [Parameter(Mandatory)][ValidateRange(1, 64)][int]$Seats,
    [Parameter(Mandatory)][ValidateRange(1, 65535)][int]$SolvePort,
    [Parameter(Mandatory)][ValidateRange(1, 65535)][int]$AgentPort
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$identity = 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01'
$enginePort = 5000
$longestSolveSeconds = 3700

function Get-VaultSecret([string]$Name) {
    $resource = [uri]::EscapeDataString('https://vault.azure.net')
    $token = Invoke-RestMethod -Headers @{ Metadata = 'true' } -TimeoutSec 10 `
        -Uri "$identity&resource=$resource&client_id=$ClientId"
    $answer = Invoke-RestMethod -TimeoutSec 30 -Uri "$($VaultUri.AbsoluteUri)secrets/${Name}?api-version=7.4" `
        -Headers @{ Authorization = "Bearer $($token.access_token)" }
    return $answer.value
}

function Set-ServiceEnvironment([string]$Service, [string[]]$Lines) {
    New-ItemProperty -Force -Path "HKLM:\SYSTEM\CurrentControlSet\Services\$Service" -Name Environment `
        -PropertyType MultiString -Value $Lines | Out-Null
}

function Open-Port([string]$Name, [int]$Port) {
    <# The network's own rules say who may come: the AppServer's subnet, and probes. #>
    Remove-NetFirewallRule -Name $Name -ErrorAction SilentlyContinue
    New-NetFirewallRule -Name $Name -DisplayName $Name -Direction Inbound -Action Allow `
        -Protocol TCP -LocalPort $Port | Out-Null
}

$key = Get-VaultSecret 'COMPUTE-API-KEY'
$agentKey = Get-VaultSecret 'NODE-AGENT-KEY'
Set-ServiceEnvironment 'rhino-compute' @(
    "RHINO_TOKEN=$(Get-VaultSecret 'RHINO-TOKEN')"
    "RHINO_COMPUTE_KEY=$key"
    "RHINO_COMPUTE_TIMEOUT=$longestSolveSeconds"
    'RHINO_COMPUTE_BLOCK_PRIVATE_URLS=true'
    "KUDUSO_NODE_SEATS=$Seats"
)
Set-ServiceEnvironment 'kuduso-node-agent' @(
    "KUDUSO_NODE_AGENT_KEY=$agentKey"
    "RHINO_COMPUTE_KEY=$key"
    "KUDUSO_NODE_SEATS=$Seats"
    "KUDUSO_NODE_ENGINE_PORT=$enginePort"
    "KUDUSO_NODE_SOLVE_PORT=$SolvePort"
    "KUDUSO_NODE_AGENT_PORT=$AgentPort"
)
Set-ServiceEnvironment 'kuduso-node-guard' @(
    "KUDUSO_NODE_AGENT_KEY=$agentKey"
    "KUDUSO_NODE_SOLVE_PORT=$SolvePort"
    "KUDUSO_NODE_AGENT_PORT=$AgentPort"
    "KUDUSO_NODE_CLIENT_ID=$ClientId"
)

& netsh interface portproxy set v4tov4 listenaddress=0.0.0.0 listenport=$SolvePort `
    connectaddress=127.0.0.1 connectport=$enginePort
if ($LASTEXITCODE) { throw "port $SolvePort cannot be forwarded" }
Open-Port 'kuduso-solve' $SolvePort
Open-Port 'kuduso-agent' $AgentPort

foreach ($service in 'rhino-compute', 'kuduso-node-agent', 'kuduso-node-guard') {
    Set-Service -Name $service -StartupType Automatic
    Restart-Service -Name $service -Force
}
