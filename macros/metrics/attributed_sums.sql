{#
    What the monthly tables by model share, added up from int_metrics_monthly_credit: weights by what was reached, and the
    money. The weights are exact decimals until here, so that their sum has no order.

    Example: see models/marts/metrics/metrics_channel_attribution.sql
#}
{% macro attributed_sums() -%}
    {%- for conversion_type, column in {
        'lead': 'attributed_leads',
        'mql': 'attributed_mqls',
        'sql': 'attributed_sqls',
        'opportunity': 'attributed_opportunities',
        'won': 'attributed_deals',
    }.items() -%}
    cast(sum(case when conversion_type = '{{ conversion_type }}' then weight else 0 end) as double) as {{ column }},
        {% endfor -%}
    cast(sum(case when conversion_type = 'opportunity' then attributed_money else 0 end) as decimal(18, 2))
            as attributed_pipeline,
        cast(sum(case when conversion_type in ('won', 'order') then attributed_money else 0 end) as decimal(18, 2))
            as attributed_revenue,
        cast(sum(case when conversion_type in ('won', 'order') and is_advertised then attributed_money else 0 end)
            as decimal(18, 2)) as advertised_revenue
{%- endmacro %}
