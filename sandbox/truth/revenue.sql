-- what came in and what was given back, by day, in rupiah at the last rate by the day on which it had come in; a win
-- that was reopened is given back on that day
create table truth.revenue as
with

wins as (
    select
        deal_id,
        source_system,
        person_id,
        closed_on as booked_on,
        cast(null as timestamp) as reopened_at,
        amount,
        currency
    from truth.deals
    where state = 'won'
    union all
    select
        truth.deals.deal_id,
        truth.deals.source_system,
        truth.deals.person_id,
        cast(first_wins.entered_at as date),
        reopenings.entered_at,
        first_wins.amount,
        truth.deals.currency
    from truth.deals
    inner join deal_states as first_wins
        on truth.deals.deal_id = first_wins.deal_id and first_wins.state = 'won' and first_wins.step = 4
    inner join deal_states as reopenings
        on truth.deals.deal_id = reopenings.deal_id and reopenings.step = 5
    where is_past(reopenings.entered_at)
),

unioned as (
    select
        'deal' as kind,
        deal_id as id,
        source_system,
        person_id,
        'booking' as entry_type,
        booked_on,
        booked_on as rate_on,
        amount,
        currency
    from wins
    union all
    select
        'deal',
        deal_id,
        source_system,
        person_id,
        'refund',
        cast(reopened_at as date),
        booked_on,
        -amount,
        currency
    from wins
    where reopened_at is not null
    union all
    select
        'deal',
        invoices.deal_id,
        invoices.crm,
        wins.person_id,
        'refund',
        cast(invoices.refunded_at as date),
        wins.booked_on,
        -invoices.refunded_amount,
        invoices.currency
    from invoices
    inner join wins
        on invoices.deal_id = wins.deal_id and wins.reopened_at is null
    where is_past(invoices.refunded_at)
    union all
    select
        'order',
        orders.order_id,
        'marketplace',
        people.person_id,
        'booking',
        cast(orders.ordered_at as date),
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
        cast(orders.ordered_at as date),
        -orders.refunded_amount,
        orders.currency
    from orders
    left join people
        on orders.i = people.i
    where is_past(orders.refunded_at)
)

select
    unioned.* exclude (rate_on),
    cast(round(unioned.amount * coalesce(exchange_rates.rate, 1), 2) as decimal(18, 2)) as amount_reporting
from unioned
asof left join exchange_rates
    on unioned.currency = exchange_rates.currency and unioned.rate_on >= exchange_rates.day
order by unioned.kind, unioned.id, unioned.booked_on, unioned.entry_type;
