"""Plan: which ready specs are built now, by which agent, for how much, on which base."""

from factory.plan.claim import claim
from factory.plan.explain import Explained
from factory.plan.orders import after_rebases, make_order, next_order, product_of, retry_order
from factory.plan.plan import Planned, Wish, plan
from factory.plan.queue import Choice, choose
from factory.plan.reserve import Reserved, release, reserve, reserved_for, settle
from factory.plan.retry import Stop, next_agent, request_rebase, request_retry
from factory.plan.route import routed
from factory.plan.shipped import Shipped, read_shipped
from factory.plan.source import SpecsSource, fetched_source, local_source
from factory.plan.standing import Standing, standing

__all__ = [
    "after_rebases",
    "Choice",
    "Explained",
    "Planned",
    "Reserved",
    "Shipped",
    "SpecsSource",
    "Standing",
    "Stop",
    "Wish",
    "choose",
    "claim",
    "fetched_source",
    "local_source",
    "make_order",
    "next_agent",
    "next_order",
    "plan",
    "product_of",
    "read_shipped",
    "release",
    "request_retry",
    "reserve",
    "reserved_for",
    "request_rebase",
    "retry_order",
    "routed",
    "settle",
    "standing",
]
