-- Until touches name their content (dim_content), everything stands in rows with a null key.
with

monthly as (
    select * from {{ ref('int_metrics_monthly') }}
),

final as (
    select
        month_start_date,
        cast(null as string) as content_key,
        cast(null as bigint) as sessions,
        cast(sum(leads) as bigint) as leads,
        cast(sum(mqls) as bigint) as mqls,
        cast(sum(sqls) as bigint) as sqls,
        cast(sum(opportunities) as bigint) as opportunities,
        cast(sum(customers) as bigint) as customers,
        cast(sum(attributed_pipeline) as decimal(18, 2)) as pipeline,
        cast(sum(attributed_revenue) as decimal(18, 2)) as revenue
    from monthly
    group by month_start_date
)

select * from final
