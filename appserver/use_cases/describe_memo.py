"""Say how much is remembered, and how often it helped."""

from appserver.admission.memo import Memo
from contracts.model import JsonObject


def describe_memo(memo: Memo) -> JsonObject:
    """`{entries, size_bytes, max_bytes, apps: {app_id: {hit_rate, hits, misses, ..}}}`.

    Counts are those of this process since its start.
    """
    return {
        "entries": len(memo),
        "size_bytes": memo.size_bytes,
        "max_bytes": memo.max_bytes,
        "apps": {
            app_id: {
                "hit_rate": counts.hit_rate,
                "hits": counts.hits,
                "misses": counts.misses,
                "evictions": counts.evictions,
                "purged": counts.purged,
                "size_bytes": memo.app_bytes(app_id),
            }
            for app_id, counts in sorted(memo.counts.items())
        },
    }
