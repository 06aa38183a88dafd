"""The order in which objects can be solved without one waiting for another."""

from contracts.grasshopper.document import Document, DocumentObject


def upstream_first(document: Document) -> list[DocumentObject]:
    """Return the objects so that each comes after those it reads; cycles are cut anywhere."""
    ordered: list[DocumentObject] = []
    entered: set[str] = set()
    for thing in document.objects:
        if thing.object_id in entered:
            continue
        entered.add(thing.object_id)
        waiting = [(thing, iter(_upstream(document, thing)))]
        while waiting:
            current, sources = waiting[-1]
            following = next((s for s in sources if s.object_id not in entered), None)
            if following is None:
                ordered.append(current)
                waiting.pop()
            else:
                entered.add(following.object_id)
                waiting.append((following, iter(_upstream(document, following))))
    return ordered


def _upstream(document: Document, thing: DocumentObject) -> list[DocumentObject]:
    origins = (
        document.parameters.get(source)
        for parameter in thing.parameters
        for source in parameter.sources
    )
    return [document.objects_by_id[origin.owner_id] for origin in origins if origin]
