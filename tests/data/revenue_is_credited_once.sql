-- Under the agreed model every deal's and every order's revenue is credited, once and whole, on each of its days.
with

revenue_events as (
    select * from {{ ref('fct_revenue_events') }}
),

credit as (
    select * from {{ ref('fct_revenue_attribution') }}
),

booked as (
    select
        coalesce(deal_key, order_key) as revenue_of,
        booked_at,
        sum(amount_reporting) as revenue
    from revenue_events
    group by coalesce(deal_key, order_key), booked_at
),

credited as (
    select
        coalesce(deal_key, order_key) as revenue_of,
        booked_at,
        sum(attributed_revenue) as revenue
    from credit
    group by coalesce(deal_key, order_key), booked_at
)

select
    booked.revenue_of,
    booked.booked_at
from booked
full join credited
    on booked.revenue_of = credited.revenue_of and booked.booked_at = credited.booked_at
where
    booked.revenue_of is null
    or credited.revenue_of is null
    or credited.revenue is distinct from booked.revenue
