{#
    A ratio of two sums as a double; a denominator of zero gives null.

    Example: ratio('won_deals', 'closed_deals')
#}
{% macro ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}
