{#
    The order in which the first row of a key is its newest one: by the source's own `updated_at` where it gives one, then
    by the time of the file, then the later row. It ends in what tells any two rows apart.

    Example: order by {{ newest_first('updated_at') }}
#}
{% macro newest_first(updated_at=none) -%}
    {% if updated_at %}{{ updated_at }} desc nulls last, {% endif %}_modified_at desc, _file desc, _record_number desc
{%- endmacro %}
