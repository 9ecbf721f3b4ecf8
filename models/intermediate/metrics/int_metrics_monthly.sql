-- One row is a month, channel and campaign with its flows side by side: what the metrics by campaign, channel,
-- initiative and content add up.
with

flows as (
    select * from {{ ref('int_metrics_flows') }}
),

monthly as (
    select
        cast(date_trunc('month', date_day) as date) as month_start_date,
        campaign_key,
        channel,
        {{ sum_of_measure('impressions', 'bigint') }} as impressions,
        {{ sum_of_measure('clicks', 'bigint') }} as clicks,
        {{ sum_of_measure('leads', 'bigint') }} as leads,
        {{ sum_of_measure('mqls', 'bigint') }} as mqls,
        {{ sum_of_measure('sqls', 'bigint') }} as sqls,
        {{ sum_of_measure('opportunities', 'bigint') }} as opportunities,
        {{ sum_of_measure('customers', 'bigint') }} as customers,
        {{ sum_of_measure('paid_customers', 'bigint') }} as paid_customers,
        {{ sum_of_measure('spend', 'decimal(18, 2)') }} as spend,
        {{ sum_of_measure('attributed_pipeline', 'decimal(18, 2)') }} as attributed_pipeline,
        {{ sum_of_measure('attributed_revenue', 'decimal(18, 2)') }} as attributed_revenue
    from flows
    where
        measure in (
            'impressions', 'clicks', 'leads', 'mqls', 'sqls', 'opportunities', 'customers', 'paid_customers',
            'spend', 'attributed_pipeline', 'attributed_revenue'
        )
    group by cast(date_trunc('month', date_day) as date), campaign_key, channel
)

select * from monthly
