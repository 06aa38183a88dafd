"""Unit prices of the cost model: assumptions, to be checked before anybody relies on a sum.

List prices in US dollars for West Europe as remembered in November 2026, without discounts, taxes
and free grants. Where to look them up: https://azure.microsoft.com/pricing/calculator/ and
https://www.rhino3d.com/compute.
"""

HOURS = 730.0
"""Of a month."""
AS_OF = "November 2026"

NODE_HOUR = {"Standard_D4ds_v5": 0.456, "Standard_D8ds_v5": 0.912}
"""With Windows, which is 0.046 of it for each core."""
NODE_CORES = {"Standard_D4ds_v5": 4, "Standard_D8ds_v5": 8}
RHINO_CORE_HOUR = 0.10
"""While a child of rhino.compute lives, for each core of its machine."""
NODE_DISK_MONTH = 9.60

BUS_STANDARD_MONTH = 9.81
BUS_STANDARD_FREE_OPERATIONS = 12.5e6
BUS_STANDARD_MILLION = 0.80
BUS_PREMIUM_HOUR = 0.928
REGISTRY_MONTH = {"Basic": 5.07, "Premium": 50.70}
PRIVATE_ENDPOINT_HOUR = 0.01
NAT_HOUR = 0.045
BALANCER_HOUR = 0.025
PUBLIC_ADDRESS_HOUR = 0.005
DNS_ZONE_MONTH = 0.50
LOG_GB = 2.99
METRIC_ALERT_MONTH = 0.10
LOG_ALERT_MONTH = 1.50

CONTAINER_CPU_S = 0.000024
CONTAINER_IDLE_CPU_S = 0.000003
CONTAINER_GIB_S = 0.000003

FLEX_GB_S = 0.000026
FLEX_READY_GB_S = 0.000004
FLEX_MILLION = 0.40
FLEX_LEAST_S = 1.0
"""Shorter executions are billed as this long."""

BLOB_GB_MONTH = {"Standard_LRS": 0.0196, "Standard_ZRS": 0.0245}
BLOB_WRITE = 0.065 / 10_000
DATABASE_MONTH = 25.0
DATABASE_FREE_GB = 8.0
DATABASE_GB_MONTH = 0.125
