{#
    A weight of 12 decimals from its units of 1e-12. What all the units leave of 1 goes to the one with size number 1.

    Example: see models/intermediate/attribution/int_attribution_shape_weights.sql
#}
{% macro weight_of(units, units_given, size_number) -%}
    cast(
        cast(
            {{ units }} + case when {{ size_number }} = 1 then 1000000000000 - {{ units_given }} else 0 end
            as decimal(19, 0)
        ) * cast(0.000000000001 as decimal(13, 12)) as decimal(13, 12)
    )
{%- endmacro %}
