<#
.SYNOPSIS
    Check that the machine is a node without secrets, then generalise it: it shuts down and can be captured.
#>
[CmdletBinding()]
param()
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

foreach ($service in 'rhino-compute', 'kuduso-node-agent', 'kuduso-node-guard') {
    $found = Get-Service $service
    if ($found.Status -ne 'Stopped') { throw "$service runs: an image must not bill core hours" }
    $key = Get-Item "HKLM:\SYSTEM\CurrentControlSet\Services\$service"
    if ($key.GetValue('Environment')) { throw "$service already has an environment, which may hold secrets" }
}
foreach ($name in 'RHINO_TOKEN', 'RHINO_COMPUTE_KEY') {
    if ([Environment]::GetEnvironmentVariable($name, 'Machine')) { throw "$name is set on the machine" }
}
$engine = 'C:\kuduso\compute\rhino.compute\rhino.compute.exe', 'C:\kuduso\compute\compute.geometry\compute.geometry.exe'
foreach ($file in $engine) {
    if (-not (Test-Path -PathType Leaf $file)) { throw "$file is missing" }
}
& "$env:SystemRoot\System32\Sysprep\sysprep.exe" /generalize /oobe /shutdown /quiet /mode:vm
