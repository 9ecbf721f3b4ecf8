{#
    What was spent as far as an exchange rate is known; null where none of it has one, so that no lead seems to be free.

    Example: known_spend('sum(spend)', 'sum(spend_without_rate)')
#}
{% macro known_spend(spend, spend_without_rate) -%}
    case when {{ spend }} != 0 or {{ spend_without_rate }} = 0 then {{ spend }} end
{%- endmacro %}
