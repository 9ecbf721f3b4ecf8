-- Under the agreed model every won deal's revenue is credited, once and whole.
with

deals as (
    select * from {{ ref('fct_deals') }}
    where is_won
),

credit as (
    select * from {{ ref('fct_revenue_attribution') }}
),

credited as (
    select
        deal_key,
        sum(attributed_revenue) as revenue
    from credit
    group by deal_key
)

select deals.deal_key
from deals
left join credited
    on deals.deal_key = credited.deal_key
where credited.deal_key is null or credited.revenue is distinct from deals.amount_reporting
