<#
.SYNOPSIS
    Turn a fresh Windows Server 2022 into a Rhino.Compute node, except for secrets and sizes.
.DESCRIPTION
    Run once, as administrator, on the machine that becomes an image; restart it; then run seal-image.ps1.
    docs/nodes.md says how the machine is made and what has to lie in -Sources:

      rhino.exe          installer of Rhino 8
      compute.zip        build of compute.rhino3d for that Rhino: rhino.compute/ and compute.geometry/
      winsw.exe          WinSW 2, which runs programs as Windows services
      SHA256SUMS         digest and name of each of the three, a line each
      contracts/         of this repository: plugins.json of every version is read
      node/              this folder
      packages.json      optional: {"<plugin>": {"package": "<yak name>", "version": "<yak version>"}}

    Nothing is downloaded but packages of plugins. No secret is needed, and none may be in the image.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)][ValidateScript({ Test-Path -PathType Container $_ })][string]$Sources,
    [ValidateRange(0, 86400)][int]$IdleSpanSeconds = 3600
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$place = 'C:\kuduso'
$yak = 'C:\Program Files\Rhino 8\System\Yak.exe'
$machinePackages = Join-Path $env:ProgramData 'McNeel\Rhinoceros\packages\8.0'

function Assert-Digest {
    <# Every file is the one that was reviewed. #>
    $listed = Get-Content (Join-Path $Sources 'SHA256SUMS') | Where-Object { $_ } | ForEach-Object {
        $digest, $name = $_ -split '\s+\*?', 2
        [pscustomobject]@{ Name = $name.Trim(); Digest = $digest }
    }
    foreach ($name in 'rhino.exe', 'compute.zip', 'winsw.exe') {
        $wanted = $listed | Where-Object Name -EQ $name
        if (-not $wanted) { throw "SHA256SUMS does not list $name" }
        $found = (Get-FileHash -Algorithm SHA256 (Join-Path $Sources $name)).Hash
        if ($found -ne $wanted.Digest) { throw "$name is $found, not $($wanted.Digest)" }
    }
}

function Get-NeededPlugin {
    <# Plugins of all contracts; one Rhino holds one version of each. #>
    $files = Get-ChildItem (Join-Path $Sources 'contracts\*\*\plugins.json')
    if (-not $files) { throw 'contracts holds no plugins.json' }
    $needed = $files | ForEach-Object { (Get-Content -Raw $_.FullName | ConvertFrom-Json).plugins } | Where-Object { $_ }
    foreach ($plugin in $needed | Group-Object name) {
        $versions = @($plugin.Group.version | Sort-Object -Unique)
        if ($versions.Count -gt 1) { throw "contracts need $($plugin.Name) in several versions: $versions" }
        [pscustomobject]@{ Name = $plugin.Name; Version = $versions[0] }
    }
}

function Install-Plugin {
    <# Installed for whoever builds, then moved to where every account's Rhino looks. #>
    $file = Join-Path $Sources 'packages.json'
    $packages = if (Test-Path $file) { Get-Content -Raw $file | ConvertFrom-Json } else { [pscustomobject]@{} }
    foreach ($plugin in Get-NeededPlugin) {
        $mapped = $packages.PSObject.Properties[$plugin.Name]
        $package = if ($mapped) { $mapped.Value.package } else { $plugin.Name }
        $version = if ($mapped) { $mapped.Value.version } else { $plugin.Version }
        & $yak install $package $version
        if ($LASTEXITCODE) { throw "yak cannot install $package $version, which is plugin $($plugin.Name)" }
    }
    $own = Join-Path $env:APPDATA 'McNeel\Rhinoceros\packages\8.0'
    if (Test-Path $own) {
        New-Item -ItemType Directory -Force $machinePackages | Out-Null
        Copy-Item -Recurse -Force (Join-Path $own '*') $machinePackages
    }
}

function Install-Rhino {
    $setup = Start-Process -PassThru -Wait (Join-Path $Sources 'rhino.exe') -ArgumentList '-passive', '-norestart'
    if ($setup.ExitCode -notin 0, 3010) { throw "Rhino's installer ended with $($setup.ExitCode)" }
    $found = Get-ItemProperty 'HKLM:\SOFTWARE\McNeel\Rhinoceros\8.0\Install'
    Write-Output "Rhino $($found.Version)"
}

function Install-NodeService {
    <# WinSW runs `<id>.exe` by `<id>.xml`. Off until start-node.ps1 has brought secrets and sizes. #>
    param([string]$Id, [string]$Program, [string]$Arguments)
    Copy-Item (Join-Path $Sources 'winsw.exe') "$place\$Id.exe" -Force
    @"
<service>
  <id>$Id</id>
  <name>$Id</name>
  <description>Kuduso: see docs/nodes.md</description>
  <executable>$Program</executable>
  <arguments>$Arguments</arguments>
  <startmode>Manual</startmode>
  <onfailure action="restart" delay="5 sec"/>
  <resetfailure>1 hour</resetfailure>
  <stoptimeout>15 sec</stoptimeout>
  <logpath>$place\logs</logpath>
  <log mode="roll-by-size"><sizeThreshold>10240</sizeThreshold><keepFiles>4</keepFiles></log>
</service>
"@ | Set-Content -Encoding utf8 "$place\$Id.xml"
    & "$place\$Id.exe" install
    if ($LASTEXITCODE) { throw "the service $Id cannot be installed" }
}

Assert-Digest
New-Item -ItemType Directory -Force $place, "$place\logs" | Out-Null
Install-Rhino
Install-Plugin
Expand-Archive -Force (Join-Path $Sources 'compute.zip') "$place\compute"
Copy-Item (Join-Path $Sources 'node\*.ps1') $place -Force

# With --port rhino.compute listens on localhost only, and tells its children where it is;
# start-node.ps1 lets the solve port of the network lead there.
$engine = "--port 5000 --childcount %KUDUSO_NODE_SEATS% --idlespan $IdleSpanSeconds --spawn-on-startup"
Install-NodeService 'rhino-compute' "$place\compute\rhino.compute\rhino.compute.exe" $engine
$shell = Join-Path $env:SystemRoot 'System32\WindowsPowerShell\v1.0\powershell.exe'
foreach ($part in 'agent', 'guard') {
    $script = "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File $place\node-$part.ps1"
    Install-NodeService "kuduso-node-$part" $shell $script
}
Write-Output 'installed: restart the machine, then run seal-image.ps1'
