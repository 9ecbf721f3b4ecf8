{#
    An amount at a rate, to the hundredth; null where either is, and where it is longer than an amount may be that is
    loaded (orchestration/sources/files/kinds.py). With one digit more than an amount has, the product is exact on both
    engines: DuckDB reckons with two decimals of 18 digits in 18.

    Example: in_reporting_currency('daily.spend', 'rates.rate')
#}
{% macro in_reporting_currency(amount, rate) -%}
    {%- set product = "cast(" ~ amount ~ " as decimal(19, 2)) * " ~ rate -%}
    cast(case when abs({{ product }}) < 100000000000000 then round({{ product }}, 2) end as decimal(18, 2))
{%- endmacro %}
