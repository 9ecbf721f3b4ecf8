{#
    An amount's hundredths without its sign, as a whole decimal of 19 digits: DuckDB keeps products of shorter ones in 18,
    as it does those of amounts of 18.

    Example: hundredths('amount')
#}
{% macro hundredths(amount) -%}
    cast(abs(cast({{ amount }} as decimal(19, 2))) * 100 as decimal(19, 0))
{%- endmacro %}
