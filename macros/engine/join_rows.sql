{#
    The texts of a group's rows as one text, in their own order.

    Example: join_rows('anchor', ', ')
#}
{% macro join_rows(column, separator) -%}
    {{ return(adapter.dispatch('join_rows')(column, separator)) }}
{%- endmacro %}

{% macro default__join_rows(column, separator) -%}
    string_agg({{ column }}, '{{ separator }}' order by {{ column }})
{%- endmacro %}

{% macro spark__join_rows(column, separator) -%}
    array_join(sort_array(collect_list({{ column }})), '{{ separator }}')
{%- endmacro %}
