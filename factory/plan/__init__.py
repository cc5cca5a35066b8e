"""Plan: which ready specs are built now, by which agent, for how much, on which base."""

from factory.plan.orders import make_order, next_order, product_of, retry_order, routed
from factory.plan.plan import Planned, plan
from factory.plan.queue import Choice, choose
from factory.plan.reserve import Reserved, release, reserve, reserved_for
from factory.plan.retry import request_retry
from factory.plan.shipped import Shipped, read_shipped
from factory.plan.source import SpecsSource, fetched_source, local_source

__all__ = [
    "Choice",
    "Planned",
    "Reserved",
    "Shipped",
    "SpecsSource",
    "choose",
    "fetched_source",
    "local_source",
    "make_order",
    "next_order",
    "plan",
    "product_of",
    "read_shipped",
    "release",
    "request_retry",
    "reserve",
    "reserved_for",
    "retry_order",
    "routed",
]
