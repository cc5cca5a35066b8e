"""First drafts of scenarios: what of a spec is expressed by known steps, and what is left."""

from factory.scenarios.drafting.draft import Draft, draft_offline

__all__ = ["Draft", "draft_offline"]
