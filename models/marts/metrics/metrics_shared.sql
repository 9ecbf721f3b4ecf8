with

periods as (
    select * from {{ ref('int_metrics_periods') }}
),

measures as (
    select * from {{ ref('int_metrics_period_measures') }}
),

period_rates as (
    select * from {{ ref('int_metrics_period_rates') }}
),

velocities as (
    select * from {{ ref('int_metrics_period_velocities') }}
),

rates as (
    select
        period_type,
        period_start_date,
        max(case when rate = 'lead_to_mql_rate' then rate_to_date end) as lead_to_mql_rate,
        max(case when rate = 'lead_to_mql_rate' then rate_30d end) as lead_to_mql_rate_30d,
        max(case when rate = 'lead_to_mql_rate' then rate_90d end) as lead_to_mql_rate_90d,
        max(case when rate = 'mql_to_sql_rate' then rate_to_date end) as mql_to_sql_rate,
        max(case when rate = 'mql_to_sql_rate' then rate_30d end) as mql_to_sql_rate_30d,
        max(case when rate = 'mql_to_sql_rate' then rate_90d end) as mql_to_sql_rate_90d,
        max(case when rate = 'sql_to_opportunity_rate' then rate_to_date end) as sql_to_opportunity_rate,
        max(case when rate = 'sql_to_opportunity_rate' then rate_30d end) as sql_to_opportunity_rate_30d,
        max(case when rate = 'sql_to_opportunity_rate' then rate_90d end) as sql_to_opportunity_rate_90d,
        max(case when rate = 'sql_to_customer_rate' then rate_to_date end) as sql_to_customer_rate,
        max(case when rate = 'sql_to_customer_rate' then rate_30d end) as sql_to_customer_rate_30d,
        max(case when rate = 'sql_to_customer_rate' then rate_90d end) as sql_to_customer_rate_90d,
        max(case when rate = 'mql_to_customer_rate' then rate_to_date end) as mql_to_customer_rate,
        max(case when rate = 'mql_to_customer_rate' then rate_30d end) as mql_to_customer_rate_30d,
        max(case when rate = 'mql_to_customer_rate' then rate_90d end) as mql_to_customer_rate_90d
    from period_rates
    group by period_type, period_start_date
),

final as (
    select
        periods.period_type,
        periods.period_start_date,
        periods.is_complete,
        measures.revenue_without_rate,
        measures.pipeline_without_rate,
        measures.spend_without_rate,

        measures.spend,
        measures.pipeline,
        measures.revenue,
        measures.transactions,
        measures.marketing_sourced_revenue,
        measures.marketing_influenced_revenue,
        measures.attributed_revenue,
        velocities.velocity_days as conversion_velocity_days,
        velocities.velocity_days_median as conversion_velocity_days_median,
        velocities.velocity_days_p90 as conversion_velocity_days_p90,
        cast(null as decimal(18, 2)) as customer_acquisition_cost,
        {{ money_ratio('measures.known_spend', 'measures.paid_customers') }} as paid_customer_acquisition_cost,
        {{ money_ratio('measures.known_spend', 'measures.leads') }} as cost_per_lead,
        {{ money_ratio('measures.known_spend', 'measures.mqls') }} as cost_per_mql,
        {{ money_ratio('measures.known_spend', 'measures.sqls') }} as cost_per_sql,
        {{ money_ratio('measures.known_spend', 'measures.opportunities') }} as cost_per_opportunity,
        measures.leads,
        measures.mqls,
        measures.sqls,
        measures.opportunities,
        measures.customers,
        cast(null as bigint) as accepted_mqls,
        rates.lead_to_mql_rate,
        rates.lead_to_mql_rate_30d,
        rates.lead_to_mql_rate_90d,
        rates.mql_to_sql_rate,
        rates.mql_to_sql_rate_30d,
        rates.mql_to_sql_rate_90d,
        rates.sql_to_opportunity_rate,
        rates.sql_to_opportunity_rate_30d,
        rates.sql_to_opportunity_rate_90d,
        rates.sql_to_customer_rate,
        rates.sql_to_customer_rate_30d,
        rates.sql_to_customer_rate_90d,
        rates.mql_to_customer_rate,
        rates.mql_to_customer_rate_30d,
        rates.mql_to_customer_rate_90d,
        {{ ratio('measures.won_deals', 'measures.won_deals + measures.lost_deals') }} as win_rate,
        {{ money_ratio('measures.booked_revenue', 'measures.valued_transactions') }} as average_order_value,
        velocities.sales_cycle_days,
        cast(null as decimal(18, 2)) as pipeline_value,
        cast(null as decimal(18, 2)) as pipeline_velocity,
        {{ ratio('measures.advertised_revenue', 'measures.spend') }} as return_on_ad_spend,
        cast(null as double) as return_on_investment,
        cast(null as double) as lifetime_value_to_cac,
        cast(null as double) as payback_months,
        cast(null as double) as retention_rate,
        cast(null as decimal(18, 2)) as expansion_revenue,
        cast(null as double) as quota_attainment,
        cast(null as double) as mql_promise_attainment,
        cast(null as double) as follow_up_within_promise,
        cast(null as double) as hours_to_first_follow_up,
        cast(null as double) as hours_to_first_follow_up_median,
        cast(null as double) as hours_to_first_follow_up_p90,
        cast(null as bigint) as untouched_mqls,
        cast(null as decimal(18, 2)) as wasted_spend,
        cast(null as decimal(18, 2)) as missed_revenue,
        cast(null as decimal(18, 2)) as missed_revenue_low,
        cast(null as decimal(18, 2)) as missed_revenue_high,
        cast(null as double) as rejected_mql_share,
        cast(null as double) as hours_to_crm,
        cast(null as double) as platform_overclaim,
        measures.impressions,
        measures.clicks,
        cast(null as bigint) as sessions,
        cast(null as bigint) as visitors,
        {{ ratio('measures.unattributed_revenue', 'measures.attributed_revenue') }} as unattributed_share,
        cast(null as double) as unmapped_spend_share
    from periods
    inner join measures
        on periods.period_type = measures.period_type and periods.period_start_date = measures.period_start_date
    inner join velocities
        on periods.period_type = velocities.period_type and periods.period_start_date = velocities.period_start_date
    left join rates
        on periods.period_type = rates.period_type and periods.period_start_date = rates.period_start_date
)

select * from final
