with

monthly as (
    select * from {{ ref('int_metrics_monthly') }}
),

by_channel as (
    select
        month_start_date,
        channel,
        {{ monthly_sums() }}
    from monthly
    group by month_start_date, channel
),

final as (
    select
        month_start_date,
        channel,
        {{ monthly_columns() }}
    from by_channel
)

select * from final
