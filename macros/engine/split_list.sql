{#
    A select list item with one row for each text of a list that is separated by `|`.

    Example: select deal_id, {{ '{{' }} split_list('lead_ids') {{ '}}' }} as lead_id from deals
#}
{% macro split_list(column) -%}
    {{ return(adapter.dispatch('split_list')(column)) }}
{%- endmacro %}

{% macro default__split_list(column) -%}
    unnest(string_split({{ column }}, '|'))
{%- endmacro %}

{% macro spark__split_list(column) -%}
    explode(split({{ column }}, '[|]'))
{%- endmacro %}
