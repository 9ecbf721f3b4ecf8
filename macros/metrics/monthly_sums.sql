{#
    The measures that the monthly tables (campaign, channel, initiative) share, added up from int_metrics_monthly.

    Example: see models/marts/metrics/metrics_channel.sql
#}
{% macro monthly_sums() -%}
    cast(sum(spend) as decimal(18, 2)) as spend,
        {{ known_spend('sum(spend)', 'sum(spend_without_rate)') }} as known_spend,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(clicks) as bigint) as clicks,
        cast(sum(leads) as bigint) as leads,
        cast(sum(mqls) as bigint) as mqls,
        cast(sum(sqls) as bigint) as sqls,
        cast(sum(opportunities) as bigint) as opportunities,
        cast(sum(customers) as bigint) as customers,
        cast(sum(attributed_pipeline) as decimal(18, 2)) as attributed_pipeline,
        cast(sum(attributed_revenue) as decimal(18, 2)) as attributed_revenue,
        cast(sum(advertised_revenue) as decimal(18, 2)) as advertised_revenue
{%- endmacro %}
