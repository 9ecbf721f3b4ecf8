"""What the page says of a publication that went out with something amiss."""

from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.warehouse import open_warehouse
from reporting.published import open_publication, read_cautions
from tests.small_marts import build_by_hand

# Paid ones are missing in the sums; what is pending, or bills a deal, is in none.
_ORDERS = """
    insert into marts.fct_orders by name
    select order_id as order_key, order_id, status, deal_key, 7.00 as amount, 'USD' as currency
    from (
        values ('o1', 'paid', null), ('o2', 'refunded', null), ('o3', 'pending', null), ('o4', 'paid', 'deal-1')
    ) as orders(order_id, status, deal_key)
"""
_CAUTION = """
    insert into marts.fct_quality_results by name
    select 'run' as run_id, 'amounts_without_rate' as check_name, 2 as failing_rows, false as is_passed,
        false as is_waived
"""


@pytest.mark.parametrize(
    ("orders", "amounts"),
    [
        (_ORDERS, ((Decimal(14), "USD"),)),
        ("drop table marts.fct_orders", ()),  # an older release had no orders
    ],
)
def test_amounts_without_a_rate_are_of_what_is_in_the_sums(
    tmp_path: Path, orders: str, amounts: tuple[tuple[Decimal, str], ...]
) -> None:
    run = build_by_hand(tmp_path, orders, _CAUTION)
    with open_warehouse(run.paths) as con:
        con.execute("checkpoint")
    with open_publication(run.paths.warehouse) as con:
        [caution] = read_cautions(con)
    assert caution.amounts == amounts
