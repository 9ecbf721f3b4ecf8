{#
    The sum of one measure of int_metrics_measures as a column of the given type; no row gives 0.

    Example: sum_of_measure('clicks', 'bigint')
#}
{% macro sum_of_measure(measure, type) -%}
    cast(coalesce(sum(case when measure = '{{ measure }}' then measure_value end), 0) as {{ type }})
{%- endmacro %}
