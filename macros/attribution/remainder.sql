{#
    The part of a hundredth that `floor_share` leaves a touch: the largest remainders get one more each.

    Example: remainder('amount', 'weight')
#}
{% macro remainder(amount, weight) -%}
    {{ weight }} * {{ hundredths(amount) }} - floor({{ weight }} * {{ hundredths(amount) }})
{%- endmacro %}
