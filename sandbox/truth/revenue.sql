-- what came in and what was paid back, by day
create table truth.revenue as
with

unioned as (
    select
        'deal' as kind,
        deal_id as id,
        source_system,
        person_id,
        'booking' as entry_type,
        closed_on as booked_on,
        amount,
        currency
    from truth.deals
    where state = 'won'
    union all
    select
        'deal',
        invoices.deal_id,
        invoices.crm,
        people.person_id,
        'refund',
        cast(invoices.refunded_at as date),
        -invoices.refunded_amount,
        invoices.currency
    from invoices
    inner join people
        on invoices.i = people.i
    where is_past(invoices.refunded_at)
    union all
    select
        'order',
        orders.order_id,
        'marketplace',
        people.person_id,
        'booking',
        cast(orders.ordered_at as date),
        orders.amount,
        orders.currency
    from orders
    left join people
        on orders.i = people.i
    where is_past(orders.ordered_at)
    union all
    select
        'order',
        orders.order_id,
        'marketplace',
        people.person_id,
        'refund',
        cast(orders.refunded_at as date),
        -orders.refunded_amount,
        orders.currency
    from orders
    left join people
        on orders.i = people.i
    where is_past(orders.refunded_at)
)

select
    unioned.*,
    cast(round(unioned.amount * coalesce(exchange_rates.rate, 1), 2) as decimal(18, 2)) as amount_reporting
from unioned
asof left join exchange_rates
    on unioned.currency = exchange_rates.currency and unioned.booked_on >= exchange_rates.day
order by unioned.kind, unioned.id, unioned.entry_type;
