"""The questions asked of the logs (KQL). Events and fields are those of docs/telemetry.md."""

_APP_EVENTS = """AppTraces
| extend line = parse_json(Message)
| extend event = tostring(line.event), app = tostring(line.app_id)
| where app == "{app_id}" """

FAILED_FUNCTIONS = """AppRequests
| where AppRoleName == "{site}" and Success == false and not(ResultCode startswith "4")
| summarize Failures = sum(ItemCount)"""

JOB_LATENCY = (
    _APP_EVENTS
    + """and event == "job_succeeded"
| summarize P95 = percentile(todouble(line.duration_ms), 95) / 1000.0"""
)

BUSY_ANSWERS = """AppRequests
| where AppRoleName == "{site}"
| summarize Busy = sumif(ItemCount, ResultCode in ("429", "504")), Total = sum(ItemCount)
| where Total >= 20
| project Percent = 100.0 * Busy / Total"""

APPSERVER_BUSY = """ContainerAppConsoleLogs
| where ContainerAppName == "{container}"
| extend line = parse_json(Log)
| where tostring(line.event) == "request_finished"
| summarize Busy = countif(toint(line.status) in (429, 504)), Total = count()
| where Total >= 20
| project Percent = 100.0 * Busy / Total"""

CAP_REACHED = """_LogOperation
| where Category =~ "Ingestion" and Detail has "OverQuota" """

LATENCY_OVER_TIME = (
    _APP_EVENTS
    + """and event == "job_succeeded"
| summarize p50 = percentile(todouble(line.duration_ms), 50) / 1000.0,
    p95 = percentile(todouble(line.duration_ms), 95) / 1000.0 by bin(TimeGenerated, 5m)
| render timechart"""
)

JOBS_OVER_TIME = (
    _APP_EVENTS
    + """and event in ("job_succeeded", "job_failed", "job_cancelled", "job_requeued")
| summarize jobs = sum(ItemCount) by event, bin(TimeGenerated, 5m)
| render timechart"""
)

ATTEMPTS = (
    _APP_EVENTS
    + """and event in ("job_succeeded", "job_failed")
| summarize jobs = sum(ItemCount) by attempt = toint(line.attempt)
| order by attempt asc"""
)

ERRORS_BY_CODE = (
    _APP_EVENTS
    + """and event in ("job_failed", "job_requeued")
| summarize jobs = sum(ItemCount), latest = max(TimeGenerated) by code = tostring(line.code), event
| order by jobs desc"""
)

SEATS_IN_USE = """AppMetrics
| where Name == "kuduso.seats.in_use" and tostring(Properties.app_id) == "{app_id}"
| summarize seats = max(Max) by lane = tostring(Properties.lane), bin(TimeGenerated, 1m)
| render timechart"""

HTTP_BY_FUNCTION = """AppRequests
| where AppRoleName == "{site}"
| summarize calls = sum(ItemCount), failed = sumif(ItemCount, Success == false),
    p95_ms = percentile(DurationMs, 95) by Name
| order by calls desc"""
