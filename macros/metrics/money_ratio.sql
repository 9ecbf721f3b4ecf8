{#
    Money per something, rounded half up to hundredths the same way on every engine; a denominator of zero gives null.

    Example: money_ratio('spend', 'leads')
#}
{% macro money_ratio(numerator, denominator) -%}
    cast(
        cast(floor({{ ratio(numerator, denominator) }} * 100 + 0.5) as decimal(19, 0))
        * cast(0.01 as decimal(3, 2)) as decimal(18, 2)
    )
{%- endmacro %}
