"""What a client of the layouts' own paths sees of a job."""

from typing import Literal, assert_never

from contracts.model import JsonObject
from functions.domain.job import Job, JobStatus
from functions.domain.job_resource import instant

LAYOUTS = "layouts"  # the app whose jobs these are

LayoutStatus = Literal["queued", "processing", "completed", "failed"]

FIGURES = (
    *("total_capacity_kw", "asset_count", "road_length_m", "cut_volume_m3", "fill_volume_m3"),
)


def layout_path(job: Job) -> str:
    """Where the layout is read once it is completed."""
    return f"/api/layouts/{job.id}"


def status_path(job: Job) -> str:
    """Where its status is read."""
    return f"{layout_path(job)}/status"


def layout_status(status: JobStatus) -> LayoutStatus:
    """A job's status in the words of these paths."""
    match status:
        case "queued":
            return "queued"
        case "running":
            return "processing"
        case "succeeded":
            return "completed"
        case "failed" | "cancelled" | "expired":
            return "failed"
        case _:
            assert_never(status)


def error_message(job: Job) -> str | None:
    """Why there is no layout; None while there may still be one."""
    match job.status:
        case "queued" | "running" | "succeeded":
            return None
        case "failed":
            return _recorded(job.last_error or {})
        case "cancelled":
            return "The layout was cancelled."
        case "expired":
            return "The layout waited too long in the queue."
        case _:
            assert_never(job.status)


def layout_state(job: Job, outputs: JsonObject | None) -> JsonObject:
    """The status; with the figures of `outputs` when the layout is completed and still kept."""
    figures: JsonObject = {name: outputs[name] for name in FIGURES} if outputs else {}
    state: JsonObject = {
        "layout_id": str(job.id),
        "status": layout_status(job.status),
        "error_message": error_message(job),
        "created_at": instant(job.created_at),
        "ended_at": instant(job.ended_at),
        "links": {"self": layout_path(job), "status": status_path(job)},
    }
    return state | figures


def layout_json(layout_id: str, outputs: JsonObject) -> JsonObject:
    """A completed layout: its contract's outputs under its name."""
    return {"layout_id": layout_id, "status": "completed", **outputs}


def _recorded(error: JsonObject) -> str:
    """The detail of a recorded error, and what each of its entries says."""
    entries = error.get("errors")
    said = [
        str(entry["message"])
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, dict) and "message" in entry
    ]
    return " ".join([str(error.get("detail", "The layout failed.")), *said])
