with

periods as (
    select * from {{ ref('int_metrics_periods') }}
),

flows as (
    select * from {{ ref('int_metrics_period_flows') }}
),

period_rates as (
    select * from {{ ref('int_metrics_period_rates') }}
),

speeds as (
    select * from {{ ref('int_metrics_period_speeds') }}
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
        flows.revenue_without_rate,
        flows.pipeline_without_rate,
        flows.spend_without_rate,

        flows.spend,
        flows.pipeline,
        flows.revenue,
        flows.transactions,
        flows.marketing_sourced_revenue,
        flows.marketing_influenced_revenue,
        flows.attributed_revenue,
        speeds.velocity_days as conversion_velocity_days,
        speeds.velocity_days_median as conversion_velocity_days_median,
        speeds.velocity_days_p90 as conversion_velocity_days_p90,
        cast(null as decimal(18, 2)) as customer_acquisition_cost,
        {{ money_ratio('flows.spend', 'flows.paid_customers') }} as paid_customer_acquisition_cost,
        {{ money_ratio('flows.spend', 'flows.leads') }} as cost_per_lead,
        {{ money_ratio('flows.spend', 'flows.mqls') }} as cost_per_mql,
        {{ money_ratio('flows.spend', 'flows.sqls') }} as cost_per_sql,
        {{ money_ratio('flows.spend', 'flows.opportunities') }} as cost_per_opportunity,
        flows.leads,
        flows.mqls,
        flows.sqls,
        flows.opportunities,
        flows.customers,
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
        {{ ratio('flows.transactions', 'flows.transactions + flows.lost_deals') }} as win_rate,
        {{ money_ratio('flows.revenue', 'flows.valued_transactions') }} as average_order_value,
        speeds.sales_cycle_days,
        cast(null as decimal(18, 2)) as pipeline_value,
        cast(null as decimal(18, 2)) as pipeline_velocity,
        {{ ratio('flows.advertised_revenue', 'flows.spend') }} as return_on_ad_spend,
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
        flows.impressions,
        flows.clicks,
        cast(null as bigint) as sessions,
        cast(null as bigint) as visitors,
        {{ ratio('flows.unattributed_revenue', 'flows.attributed_revenue') }} as unattributed_share,
        cast(null as double) as unmapped_spend_share
    from periods
    inner join flows
        on periods.period_type = flows.period_type and periods.period_start_date = flows.period_start_date
    inner join speeds
        on periods.period_type = speeds.period_type and periods.period_start_date = speeds.period_start_date
    left join rates
        on periods.period_type = rates.period_type and periods.period_start_date = rates.period_start_date
)

select * from final
