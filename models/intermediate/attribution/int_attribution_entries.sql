-- One row is a conversion as it was booked, or money that was given back of it, on its own day: both go to the touches
-- of its path with the same weights. A booking has its conversion's number.
with

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

revenue_events as (
    select * from {{ ref('int_revenue_events') }}
    where entry_type = 'refund'
),

counted as (
    select count(*) as bookings
    from conversions
),

bookings as (
    select
        conversion_number as entry_number,
        conversion_number,
        'booking' as entry_type,
        order_key,
        amount,
        amount_reporting,
        converted_at as booked_at
    from conversions
),

refunds as (
    select
        counted.bookings + row_number() over (order by revenue_events.revenue_key) as entry_number,
        conversions.conversion_number,
        revenue_events.entry_type,
        revenue_events.order_key,
        revenue_events.amount,
        revenue_events.amount_reporting,
        revenue_events.booked_at
    from revenue_events
    inner join conversions
        on revenue_events.conversion_key = conversions.conversion_key
    cross join counted
),

entries as (
    select * from bookings
    union all
    select * from refunds
)

select * from entries
