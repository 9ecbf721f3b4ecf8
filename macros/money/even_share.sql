{#
    One of several shares of an amount that are equal but for a unit of its last decimal: what does not go into all of
    them goes into the first ones, so that the shares sum up to the amount. `part` counts from 1.

    Example: even_share('spend', 2, 'day_count', 'day_number') is 3.34, 3.33 and 3.33 of 10 in three days
#}
{% macro even_share(amount, decimals, parts, part) -%}
    {%- set units = "cast(cast(" ~ amount ~ " as decimal(28, " ~ decimals ~ ")) * " ~ 10 ** decimals ~ " as bigint)" -%}
    {%- set rest = units ~ " % " ~ parts -%}
    cast(
        {{ whole_quotient(units, parts) }}
        + case
            when {{ part }} <= {{ rest }} then 1
            when {{ part }} <= -({{ rest }}) then -1
            else 0
        end
        as decimal(19, 0)
    ) * {{ {0: "1", 2: "0.01", 6: "0.000001"}[decimals] }}
{%- endmacro %}
