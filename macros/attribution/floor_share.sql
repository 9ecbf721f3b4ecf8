{#
    The whole hundredths of an amount that a weight gives a touch, before what is left is allocated.

    Example: floor_share('amount', 'weight')
#}
{% macro floor_share(amount, weight) -%}
    cast(floor({{ weight }} * {{ hundredths(amount) }}) as decimal(18, 0))
{%- endmacro %}
