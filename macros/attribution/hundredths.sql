{#
    An amount's hundredths without its sign, as a whole decimal of 19 digits: DuckDB keeps products of shorter ones in 18.

    Example: hundredths('amount')
#}
{% macro hundredths(amount) -%}
    cast(abs({{ amount }}) * 100 as decimal(19, 0))
{%- endmacro %}
