{#
    A column for each of the measures of int_metrics_measures, the sum of its rows in the given type; no row gives 0.

    Example: sums_of_measures(['impressions', 'clicks'], 'bigint')
#}
{% macro sums_of_measures(measures, type) -%}
    {%- for measure in measures -%}
        {{ sum_of_measure(measure, type) }} as {{ measure }}
        {%- if not loop.last %},
        {% endif -%}
    {%- endfor -%}
{%- endmacro %}
