{#
    The measures that the monthly tables (campaign, channel, initiative) share: `monthly_sums` adds them up from
    int_metrics_monthly, `monthly_columns` names the public columns in their order and derives the ratios.
    Money is the agreed model's; a ratio is one of sums, never a mean of ratios.

    Example: see models/marts/metrics/metrics_channel.sql
#}
{% macro monthly_sums() -%}
    cast(sum(spend) as decimal(18, 2)) as spend,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(clicks) as bigint) as clicks,
        cast(sum(leads) as bigint) as leads,
        cast(sum(mqls) as bigint) as mqls,
        cast(sum(sqls) as bigint) as sqls,
        cast(sum(opportunities) as bigint) as opportunities,
        cast(sum(customers) as bigint) as customers,
        cast(sum(attributed_pipeline) as decimal(18, 2)) as attributed_pipeline,
        cast(sum(attributed_revenue) as decimal(18, 2)) as attributed_revenue
{%- endmacro %}

{% macro monthly_columns() -%}
    spend,
        impressions,
        clicks,
        cast(null as bigint) as sessions,
        leads,
        mqls,
        sqls,
        opportunities,
        customers,
        attributed_pipeline as pipeline,
        attributed_revenue as revenue,
        {{ money_ratio('spend', 'leads') }} as cost_per_lead,
        {{ money_ratio('spend', 'mqls') }} as cost_per_mql,
        {{ money_ratio('spend', 'sqls') }} as cost_per_sql,
        cast(null as decimal(18, 2)) as customer_acquisition_cost,
        {{ ratio('attributed_revenue', 'spend') }} as return_on_ad_spend,
        cast(null as double) as return_on_investment
{%- endmacro %}
