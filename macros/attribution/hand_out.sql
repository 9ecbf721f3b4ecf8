{#
    Hands an amount out by weights that sum to 1, exactly to the hundredth: two steps of one rule.
    `hundredths` gives an amount's hundredths without sign; `floor_share` a touch's whole ones;
    `handed_out` adds one to each of the largest remainders until nothing is left, and gives the sign back.
    All of it is decimal arithmetic (19 digits, since DuckDB keeps products of shorter ones in 18); null stays null.

    Example: see models/intermediate/attribution/int_attribution_credit.sql
#}
{% macro hundredths(amount) -%}
    cast(abs({{ amount }}) * 100 as decimal(19, 0))
{%- endmacro %}

{% macro floor_share(amount, weight) -%}
    cast(floor({{ weight }} * {{ hundredths(amount) }}) as decimal(18, 0))
{%- endmacro %}

{% macro remainder(amount, weight) -%}
    {{ weight }} * {{ hundredths(amount) }} - floor({{ weight }} * {{ hundredths(amount) }})
{%- endmacro %}

{% macro handed_out(amount, floor_share, units_left, remainder_number) -%}
    cast(
        cast({{ floor_share }} + case when {{ remainder_number }} <= {{ units_left }} then 1 else 0 end as decimal(19, 0))
        * cast(case when {{ amount }} < 0 then -0.01 else 0.01 end as decimal(3, 2)) as decimal(18, 2)
    )
{%- endmacro %}
