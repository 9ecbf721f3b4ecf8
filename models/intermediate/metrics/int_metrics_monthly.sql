-- One row is a month, channel and campaign with its flows side by side: what the metrics by campaign, channel,
-- initiative and content add up.
with

flows as (
    select * from {{ ref('int_metrics_flows') }}
),

campaigns as (
    select * from {{ ref('int_spend_campaigns') }}
),

{% set counts = ['impressions', 'clicks', 'leads', 'mqls', 'sqls', 'opportunities', 'customers', 'paid_customers'] -%}
{% set money = ['spend', 'attributed_pipeline', 'attributed_revenue'] -%}
monthly as (
    select
        cast(date_trunc('month', date_day) as date) as month_start_date,
        campaign_key,
        channel,
        {% for measure in counts -%}
        cast(coalesce(sum(case when measure = '{{ measure }}' then flow_value end), 0) as bigint) as {{ measure }},
        {% endfor -%}
        {% for measure in money -%}
        cast(coalesce(sum(case when measure = '{{ measure }}' then flow_value end), 0) as decimal(18, 2))
            as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from flows
    where measure in (
        {% for measure in counts + money %}'{{ measure }}'{{ ', ' if not loop.last }}{% endfor %}
    )
    group by cast(date_trunc('month', date_day) as date), campaign_key, channel
)

select * from monthly
