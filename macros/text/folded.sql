{#
    A name as it is compared: trimmed, in lower case, with underscores for blanks and hyphens. Reference files are laid out
    with their names folded in the same way (`orchestration/agreement/seed_files.py`).

    Example: folded('touches.source')
#}
{% macro folded(name) -%}
    replace(replace(lower(trim(both ' ' from {{ name }})), ' ', '_'), '-', '_')
{%- endmacro %}
