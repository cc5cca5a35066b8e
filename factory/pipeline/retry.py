"""Ask the forge for the next attempt, where the forge is what starts it."""

from __future__ import annotations

from factory.forge.protocol import Forge
from factory.plan import request_retry
from factory.records import Candidate, PublicVerdict


def dispatch_retry(
    forge: Forge, repository: str, candidate: Candidate, public: PublicVerdict
) -> bool:
    """Dispatch the next attempt to the specs repository; False where none is to follow.

    Raises:
        ForgeError: the dispatch was refused.
    """
    request = request_retry(candidate, public)
    if request is None:
        return False
    forge.request_attempt(repository, request.to_data())
    return True
