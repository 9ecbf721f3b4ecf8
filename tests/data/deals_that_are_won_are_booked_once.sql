-- Every deal that is won has one booking that was not taken back, at its closing, of its amount; what was taken back of
-- a deal that was reopened is what was booked for it.
with

deals as (
    select * from {{ ref('fct_deals') }}
),

revenue_events as (
    select * from {{ ref('int_revenue_events') }}
    where deal_key is not null
),

standing as (
    select
        deal_key,
        count(*) as bookings,
        max(booked_at) as booked_at,
        sum(amount) as amount
    from revenue_events
    where is_standing and entry_type = 'booking'
    group by deal_key
),

taken_back as (
    select
        revenue_events.conversion_key,
        sum(revenue_events.amount_reporting) as remainder
    from revenue_events
    inner join {{ ref('int_revenue_wins') }} as wins
        on revenue_events.conversion_key = wins.conversion_key
    cross join {{ ref('stg_closedloop__run_settings') }} as run_settings
    where wins.reopened_at <= run_settings.as_of
    group by revenue_events.conversion_key
)

select deals.deal_key
from deals
left join standing
    on deals.deal_key = standing.deal_key
where
    deals.is_won != (standing.deal_key is not null)
    or standing.bookings > 1
    or standing.booked_at != deals.closed_at
    or (deals.is_won and standing.amount is distinct from deals.amount)
union all
select conversion_key
from taken_back
where remainder != 0
