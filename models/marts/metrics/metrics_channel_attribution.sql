with

monthly_credit as (
    select * from {{ ref('int_metrics_monthly_credit') }}
),

monthly as (
    select * from {{ ref('int_metrics_monthly') }}
),

by_channel as (
    select
        month_start_date,
        channel,
        model,
        date_basis,
        {{ attributed_sums() }}
    from monthly_credit
    group by month_start_date, channel, model, date_basis
),

spend_by_channel as (
    select
        month_start_date,
        channel,
        sum(spend) as spend
    from monthly
    group by month_start_date, channel
),

final as (
    select
        by_channel.month_start_date,
        by_channel.channel,
        by_channel.model,
        by_channel.date_basis,

        by_channel.attributed_leads,
        by_channel.attributed_mqls,
        by_channel.attributed_sqls,
        by_channel.attributed_opportunities,
        by_channel.attributed_deals,
        by_channel.attributed_pipeline,
        by_channel.attributed_revenue,
        {{ ratio('by_channel.advertised_revenue', 'spend_by_channel.spend') }} as return_on_ad_spend
    from by_channel
    left join spend_by_channel
        on
            by_channel.month_start_date = spend_by_channel.month_start_date
            and by_channel.channel = spend_by_channel.channel
)

select * from final
