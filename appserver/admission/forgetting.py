"""Answers whose time is over leave the memory, also when nobody asks for them again."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from appserver.admission.memo import Memo


@asynccontextmanager
async def forgetting(memo: Memo, every_s: float) -> AsyncGenerator[None]:
    """Look every `every_s` seconds while the block runs."""

    async def go_on() -> None:
        while True:
            await asyncio.sleep(every_s)
            memo.forget_expired()

    task = asyncio.create_task(go_on())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
