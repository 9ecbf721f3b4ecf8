-- One row is a month, channel and campaign with its measures side by side: what the metrics by campaign, channel,
-- initiative and content add up.
with

measures as (
    select * from {{ ref('int_metrics_measures') }}
),

monthly as (
    select
        cast(date_trunc('month', date_day) as date) as month_start_date,
        campaign_key,
        channel,
        {{ sums_of_measures([
            'impressions', 'clicks', 'leads', 'mqls', 'sqls', 'opportunities', 'customers', 'paid_customers',
            'spend_without_rate',
        ], 'bigint') }},
        {{ sums_of_measures(['spend', 'attributed_pipeline', 'attributed_revenue'], 'decimal(18, 2)') }}
    from measures
    where
        measure in (
            'impressions', 'clicks', 'leads', 'mqls', 'sqls', 'opportunities', 'customers', 'paid_customers',
            'spend_without_rate', 'spend', 'attributed_pipeline', 'attributed_revenue'
        )
    group by cast(date_trunc('month', date_day) as date), campaign_key, channel
),

with_campaign_spend as (
    select
        *,
        sum(spend) over (partition by month_start_date, campaign_key) as campaign_spend
    from monthly
),

-- what came of the advertising is the revenue of the campaigns that were advertised, of whatever channel the touches
with_advertised_revenue as (
    select
        month_start_date,
        campaign_key,
        channel,
        impressions,
        clicks,
        leads,
        mqls,
        sqls,
        opportunities,
        customers,
        paid_customers,
        spend_without_rate,
        spend,
        attributed_pipeline,
        attributed_revenue,
        case
            when campaign_key is not null and campaign_spend > 0 then attributed_revenue
            else cast(0 as decimal(18, 2))
        end as advertised_revenue
    from with_campaign_spend
)

select * from with_advertised_revenue
