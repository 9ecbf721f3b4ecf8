{#
    What a touch gets of an amount, exact to the hundredth: its `floor_share`, one more where its remainder is among the
    largest (`remainder_number` counts them from 1, `units_left` hundredths are left), and the amount's sign. Weights that
    sum to 1 so hand the amount out to the last unit. All of it is decimal arithmetic; a null amount stays null.

    Example: see models/intermediate/attribution/int_attribution_credit.sql
#}
{% macro handed_out(amount, floor_share, units_left, remainder_number) -%}
    cast(
        cast({{ floor_share }} + case when {{ remainder_number }} <= {{ units_left }} then 1 else 0 end as decimal(19, 0))
        * cast(case when {{ amount }} < 0 then -0.01 else 0.01 end as decimal(3, 2)) as decimal(18, 2)
    )
{%- endmacro %}
