-- One row is a period with the sums of its flows.
with

periods as (
    select * from {{ ref('int_metrics_periods') }}
),

flows as (
    select * from {{ ref('int_metrics_flows') }}
),

{% set counts = [
    'impressions', 'clicks', 'leads', 'mqls', 'sqls', 'opportunities', 'customers', 'paid_customers',
    'transactions', 'lost_deals',
] -%}
{% set money = [
    'spend', 'pipeline', 'revenue', 'marketing_sourced_revenue', 'marketing_influenced_revenue',
    'attributed_revenue',
] -%}
summed as (
    select
        periods.period_type,
        periods.period_start_date,
        {% for measure in counts -%}
        cast(coalesce(sum(case when flows.measure = '{{ measure }}' then flows.flow_value end), 0) as bigint)
            as {{ measure }},
        {% endfor -%}
        {% for measure in money -%}
        cast(coalesce(sum(case when flows.measure = '{{ measure }}' then flows.flow_value end), 0) as decimal(18, 2))
            as {{ measure }},
        {% endfor -%}
        cast(coalesce(sum(
            case when flows.measure = 'attributed_revenue' and flows.channel = 'unattributed' then flows.flow_value end
        ), 0) as decimal(18, 2)) as unattributed_revenue
    from periods
    left join flows
        on flows.date_day >= periods.period_start_date and flows.date_day < periods.next_period_start_date
    group by periods.period_type, periods.period_start_date
)

select * from summed
