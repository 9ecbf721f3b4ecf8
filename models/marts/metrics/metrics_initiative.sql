-- What belongs to no initiative stands in rows with a null one.
with

monthly as (
    select * from {{ ref('int_metrics_monthly') }}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

by_initiative as (
    select
        monthly.month_start_date,
        campaigns.initiative,
        {{ monthly_sums() }}
    from monthly
    left join campaigns
        on monthly.campaign_key = campaigns.campaign_key
    group by monthly.month_start_date, campaigns.initiative
),

final as (
    select
        month_start_date,
        initiative,
        {{ monthly_columns() }}
    from by_initiative
)

select * from final
