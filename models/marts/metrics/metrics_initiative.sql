-- What belongs to no initiative stands in rows with a null one.
with

metrics_campaign as (
    select * from {{ ref('metrics_campaign') }}
),

by_initiative as (
    select
        month_start_date,
        initiative,
        cast(sum(spend) as decimal(18, 2)) as spend,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(clicks) as bigint) as clicks,
        cast(sum(leads) as bigint) as leads,
        cast(sum(mqls) as bigint) as mqls,
        cast(sum(sqls) as bigint) as sqls,
        cast(sum(opportunities) as bigint) as opportunities,
        cast(sum(customers) as bigint) as customers,
        cast(sum(pipeline) as decimal(18, 2)) as attributed_pipeline,
        cast(sum(revenue) as decimal(18, 2)) as attributed_revenue
    from metrics_campaign
    group by month_start_date, initiative
),

final as (
    select
        month_start_date,
        initiative,
        {{ monthly_columns() }}
    from by_initiative
)

select * from final
