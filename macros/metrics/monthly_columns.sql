{#
    The public columns of the monthly tables in their order, over `monthly_sums`. Money is the agreed model's; a ratio is
    one of sums, never a mean of ratios.

    Example: see models/marts/metrics/metrics_channel.sql
#}
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
        {{ money_ratio('known_spend', 'leads') }} as cost_per_lead,
        {{ money_ratio('known_spend', 'mqls') }} as cost_per_mql,
        {{ money_ratio('known_spend', 'sqls') }} as cost_per_sql,
        cast(null as decimal(18, 2)) as customer_acquisition_cost,
        {{ ratio('advertised_revenue', 'spend') }} as return_on_ad_spend,
        cast(null as double) as return_on_investment
{%- endmacro %}
