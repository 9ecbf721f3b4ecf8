-- One row is a booking (a win of a deal, or an order without one that is not pending) or what was paid back of it. An
-- order of a deal changes nothing but by its refunds, which are of the win before them, as long as that was not taken
-- back by a reopening. A refund is worth what its booking was: at the rate of that day.
with

wins as (
    select * from {{ ref('int_revenue_wins') }}
),

orders as (
    select * from {{ ref('int_revenue_orders') }}
),

rates as (
    select * from {{ ref('int_rates_by_day') }}
),

-- an order of a deal that was never won bills what nobody bought
refunds as (
    select
        orders.order_key,
        orders.deal_key,
        wins.conversion_key,
        orders.currency,
        orders.refunded_amount,
        wins.won_date as booked_date,
        orders.refunded_at
    from orders
    inner join wins
        on
            orders.deal_key = wins.deal_key
            and (orders.refunded_at >= wins.won_at or wins.win_number = 1)
            and (wins.next_won_at is null or orders.refunded_at < wins.next_won_at)
    where orders.refunded_amount is not null and (wins.reopened_at is null or orders.refunded_at < wins.reopened_at)
    union all
    select
        order_key,
        deal_key,
        {{ stable_key(["'order'", 'order_key']) }} as conversion_key,
        currency,
        refunded_amount,
        ordered_date as booked_date,
        refunded_at
    from orders
    where deal_key is null and refunded_amount is not null
),

bookings as (
    select
        conversion_key,
        deal_key,
        cast(null as string) as order_key,
        currency,
        amount,
        won_date as booked_date,
        won_at as booked_at
    from wins
    union all
    select
        {{ stable_key(["'order'", 'order_key']) }} as conversion_key,
        cast(null as string) as deal_key,
        order_key,
        currency,
        amount,
        ordered_date as booked_date,
        ordered_at as booked_at
    from orders
    where deal_key is null and status != 'pending'
),

events as (
    select
        *,
        'booking' as entry_type
    from bookings
    union all
    select
        conversion_key,
        deal_key,
        order_key,
        currency,
        -refunded_amount as amount,
        booked_date,
        refunded_at as booked_at,
        'refund' as entry_type
    from refunds
),

priced as (
    select
        events.conversion_key,
        events.deal_key,
        events.order_key,
        events.entry_type,
        events.currency,
        events.amount,
        {{ in_reporting_currency('events.amount', 'rates.rate') }} as amount_reporting,
        events.booked_at
    from events
    left join rates
        on
            events.currency = rates.currency
            and events.booked_date >= rates.starts_on
            and events.booked_date < rates.ends_before
)

select * from priced
