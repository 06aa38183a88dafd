<#
.SYNOPSIS
    Start Rhino.Compute and the node agent on a node made from the gallery image.
.DESCRIPTION
    Run by the scale set's extension at first start, and again when this file changes. The image holds Rhino,
    its plugins and both services, switched off; only secrets, sizes and the start are left to do.
    Secrets are read from the Key Vault by the node's identity and kept as machine variables.
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

function Get-VaultSecret([string]$Name) {
    $resource = [uri]::EscapeDataString('https://vault.azure.net')
    $token = Invoke-RestMethod -Headers @{ Metadata = 'true' } -TimeoutSec 10 `
        -Uri "$identity&resource=$resource&client_id=$ClientId"
    $answer = Invoke-RestMethod -TimeoutSec 30 -Uri "$($VaultUri.AbsoluteUri)secrets/${Name}?api-version=7.4" `
        -Headers @{ Authorization = "Bearer $($token.access_token)" }
    return $answer.value
}

function Set-MachineVariable([string]$Name, [string]$Value) {
    [Environment]::SetEnvironmentVariable($Name, $Value, 'Machine')
}

Set-MachineVariable 'RHINO_TOKEN' (Get-VaultSecret 'RHINO-TOKEN')
Set-MachineVariable 'RHINO_COMPUTE_KEY' (Get-VaultSecret 'COMPUTE-API-KEY')
Set-MachineVariable 'KUDUSO_NODE_SEATS' $Seats
Set-MachineVariable 'KUDUSO_NODE_SOLVE_PORT' $SolvePort
Set-MachineVariable 'KUDUSO_NODE_AGENT_PORT' $AgentPort

foreach ($service in 'rhino-compute', 'kuduso-node-agent') {
    Set-Service -Name $service -StartupType Automatic
    Restart-Service -Name $service -Force
}
