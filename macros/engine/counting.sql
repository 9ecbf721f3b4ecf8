{#
    A select list item with one row for each number from 1 to `last`.

    Example: select {{ '{{' }} counting('path_length') {{ '}}' }} as position from shapes
#}
{% macro counting(last) -%}
    {{ return(adapter.dispatch('counting')(last)) }}
{%- endmacro %}

{% macro default__counting(last) -%}
    unnest(range(1, {{ last }} + 1))
{%- endmacro %}

{% macro spark__counting(last) -%}
    explode(sequence(cast(1 as bigint), {{ last }}))
{%- endmacro %}
